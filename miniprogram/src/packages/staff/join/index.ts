import { errorOf } from '../../../services/api-error'
import { keepCounter } from '../../../services/counter'
import { sentence } from '../../../services/http'
import { join } from '../../../services/staff'
import { refreshMe } from '../../../services/storefront'
import { staff } from '../../../texts/staff'
import { replace, routes } from '../../../utils/routes'
import { say, screen, shopView } from '../../../utils/screen'
import { fill } from '../../../utils/text'

screen({
  data: {
    t: staff.join,
    shop: shopView(),
    state: 'ready' as 'ready' | 'done',
    code: '',
    problem: '',
    welcome: '',
    busy: false,
  },
  onLoad(query: Record<string, string | undefined>) {
    this.setData({ code: decodeURIComponent(query['code'] ?? '') })
  },
  onCode(event: WechatMiniprogram.Input) {
    this.setData({ code: event.detail.value, problem: '' })
  },
  async onJoin() {
    const code = this.data.code.trim()
    if (code === '') return say(staff.join.empty)
    if (this.data.busy) return
    this.setData({ busy: true })
    try {
      const joined = await join(code)
      keepCounter({ id: joined.store_id, name: joined.store_name ?? '' })
      await refreshMe().catch(() => null)
      this.setData({ state: 'done', welcome: fill(staff.join.doneTitle, { store: joined.store_name ?? this.data.shop.name }) })
    } catch (error) {
      this.setData({ problem: errorOf(error).status === 404 ? staff.join.unknown : sentence(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
  onDesk() {
    replace(routes.desk)
  },
})
