/** The person who holds this phone, as the sandbox knows them: codes and consents come from there, never from the runner. */

const VISITOR = 'visitor-phone'

/** What the sandbox, or the proxy on the way to it, says against a request. */
async function refusal(answer) {
  const { status } = answer
  const unreachable = answer.headers.get('x-mp-error')
  if (unreachable) return Object.assign(new Error(`sandbox: ${decodeURIComponent(unreachable)}`), { status })
  const words = await answer.json().then(
    (body) => body?.error?.message,
    () => undefined, // not JSON: only its status is known
  )
  return Object.assign(new Error(`sandbox answered ${status}${words ? `: ${words}` : ''}`), { status })
}

/**
 * Binds the phone named in the address to the sandbox; without a name a person is made there once and remembered in this browser.
 *
 * Every call raises an Error when the sandbox is not there or refuses.
 */
export function createPerson(mp) {
  const post = async (path, body = {}) => {
    const answer = await fetch(`__mp/sandbox/_phones${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (answer.ok) return answer.json()
    throw await refusal(answer)
  }
  const arrive = async () => {
    const { id } = await post('', { nickname: mp.nickname })
    mp.store.choose(VISITOR, id)
    return id
  }
  const act = async (action, body) => {
    if (mp.phone) return post(`/${encodeURIComponent(mp.phone)}/${action}`, body)
    const known = mp.store.choice(VISITOR)
    try {
      return await post(`/${known ?? (await arrive())}/${action}`, body)
    } catch (error) {
      if (!known || error.status !== 404) throw error // the sandbox was reset: this visitor arrives again
      return post(`/${await arrive()}/${action}`, body)
    }
  }
  return {
    loginCode: async () => (await act('login-code')).code,
    phoneCode: async () => (await act('phone-code')).code,
    subscribe: (templateIds, accept) => act('subscribe', { template_ids: templateIds, accept }),
    scan: (payload) => act('scan', { payload }),
    /** Takes a merchant's transfer. Unlike the rest it never arrives anew on 404: to somebody new nothing was transferred. */
    confirmTransfer: async (bill) => {
      const id = mp.phone || (mp.store.choice(VISITOR) ?? (await arrive()))
      return post(`/${encodeURIComponent(id)}/confirm-transfer`, { package: bill })
    },
    /** The mini-program's appId at the sandbox; undefined when it names none. */
    appId: async () => {
      const answer = await fetch('__mp/sandbox/_apps')
      if (!answer.ok) throw await refusal(answer)
      return (await answer.json()).find(({ kind }) => kind === 'mini_program')?.appid
    },
    /** Titles of the message templates, by id; empty when the sandbox has none to tell. */
    templates: async () => {
      const answer = await fetch('__mp/sandbox/_apps')
      const apps = answer.ok ? await answer.json() : []
      return Object.fromEntries(apps.flatMap((app) => app.templates ?? []).map((template) => [template.template_id, template.title]))
    },
  }
}
