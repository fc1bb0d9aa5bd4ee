/** Times and days as people read them in a chat. */
import { day } from "./model";
import { W } from "./words";

const clock = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
const date = new Intl.DateTimeFormat("zh-CN", { month: "long", day: "numeric", weekday: "short" });

/** 09:05 */
export const timeOf = (at: number): string => clock.format(at);

/** 今天, 昨天, 11月24日周二 */
export function dayOf(at: number, now = Date.now()): string {
  if (day(at) === day(now)) return W.today;
  if (day(at) === day(now - 86_400_000)) return W.yesterday;
  return date.format(at);
}
