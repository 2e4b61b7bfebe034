interface IAppOption {
  refresh(): Promise<void>
}
