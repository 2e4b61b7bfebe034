/** The page's pictograms, drawn with lines on a field of 24 by 24. */

const LINES = {
  add: 'M12 5v14M5 12h14',
  back: 'M15 4 7 12l8 8',
  next: 'm9 5 7 7-7 7',
  close: 'M6 6l12 12M18 6 6 18',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  clock: 'M12 7v5l3.5 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  bolt: 'M13 3 5 13.5h6L10.5 21 19 10.5h-6L13 3Z',
  log: 'M4 6h16M4 12h16M4 18h10',
  puzzle: 'M9 4h6v4h5v6h-4v6H5v-6h4V8H4V4h5Z',
  reset: 'M4 5v5h5M4.6 10A8 8 0 1 1 4 13.5',
  scan: 'M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M4 12h16',
  chats: 'M12 4c-5 0-9 3.1-9 7 0 2.2 1.3 4.2 3.3 5.500L5.5 20l3.7-2c.9.2 1.8.3 2.8.3 5 0 9-3.2 9-7.200S17 4 12 4Z',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.3-4 2.9-6 6.5-6s6.2 2 6.5 6M16 4.500a3.5 3.5 0 0 1 0 6.500M18 14.500c2.2.8 3.4 2.7 3.5 5.5',
  compass: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0ZM15.5 8.500l-2 5-5 2 2-5 5-2Z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 20.500c.5-4 3.5-6 8-6s7.5 2 8 6',
  picture: 'M4 5h16v14H4V5ZM4 16l5-5 4 4 2.5-2.500L20 17M15.5 9h.01',
  bell: 'M6 16V11a6 6 0 1 1 12 0v5l1.5 2h-15L6 16ZM10 20.500h4',
  hide: 'M5 12h14',
  copy: 'M9 9h11v11H9V9ZM5 15H4V4h11v1',
  keyboard: 'M3 6h18v12H3V6ZM7 10h.01M12 10h.01M17 10h.01M8 14h8',
  link: 'M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.700L12 7.200M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.700L12 16.8',
  phone: 'M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM11 18h2',
  save: 'M12 4.5V16M7 11l5 5 5-5M5 19.5h14',
  upload: 'M12 16V5M7 9.5 12 4.500l5 5M5 19.500h14',
  in: 'M19 12H6M11 6l-6 6 6 6',
  out: 'M5 12h13M13 6l6 6-6 6',
  // The mark of mini-programs: a loop that comes back to where it began.
  mini: 'M9.5 13.500a2.7 2.7 0 1 1-2.7-2.700M14.5 10.500a2.7 2.7 0 1 1 2.7 2.700M12 8.200v7.600M9.5 13.500c1.5 0 2.5-1 2.5-2.500M14.5 10.500c-1.5 0-2.5 1-2.5 2.5',
}

/** Makes the SVG of a pictogram; its size is that of the text around it unless a style says otherwise. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', LINES[name])
  svg.append(path)
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', `icon icon-${name}`)
  svg.setAttribute('aria-hidden', 'true')
  return svg
}
