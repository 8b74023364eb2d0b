import { shortNumberWords } from '../shared/short-number.ts';
import type { Language, NotificationKind } from '../shared/vocabulary.ts';

/**
 * One short sentence per kind for channels outside the app. `{number}` is the short number of the request that
 * people can say on the phone; nothing else is ever filled in, so no name, place or need can reach a lock screen.
 */
export const NOTIFICATION_TEXTS: Record<NotificationKind, Record<Language, string>> = {
  request_received: {
    'zh-CN': '您的求助{number}已收到，社区中心会尽快查看。',
    ug: 'ئىلتىماسىڭىز{number} تاپشۇرۇۋېلىندى، مەھەللە مەركىزى تېزدىن كۆرۈپ چىقىدۇ.',
    en: 'Your request{number} has arrived. The centre will look at it soon.',
  },
  request_approved: {
    'zh-CN': '您的求助{number}已通过，正在为您找邻居。',
    ug: 'ئىلتىماسىڭىز{number} تەستىقلاندى، سىزگە قوشنا ئىزدەۋاتىمىز.',
    en: 'Your request{number} is approved. We are looking for a neighbour.',
  },
  request_returned: {
    'zh-CN': '您的求助{number}需要修改，请打开查看。',
    ug: 'ئىلتىماسىڭىز{number}نى ئۆزگەرتىش كېرەك، ئېچىپ كۆرۈڭ.',
    en: 'Your request{number} needs a change. Please open it.',
  },
  request_rejected: {
    'zh-CN': '您的求助{number}没有通过，请打开查看原因。',
    ug: 'ئىلتىماسىڭىز{number} تەستىقلانمىدى، سەۋەبىنى ئېچىپ كۆرۈڭ.',
    en: 'Your request{number} was not approved. Please open it to see why.',
  },
  helper_found: {
    'zh-CN': '您的求助{number}有邻居来帮忙了。',
    ug: 'ئىلتىماسىڭىز{number}غا ياردەم قىلىدىغان قوشنا تېپىلدى.',
    en: 'A neighbour will help with your request{number}.',
  },
  helper_changed: {
    'zh-CN': '您的求助{number}的帮手有变化，请打开查看。',
    ug: 'ئىلتىماسىڭىز{number}نىڭ ياردەمچىسى ئۆزگەردى، ئېچىپ كۆرۈڭ.',
    en: 'The helper of your request{number} has changed. Please open it.',
  },
  person_takes_over: {
    'zh-CN': '社区中心的工作人员正在处理您的求助{number}。',
    ug: 'مەھەللە مەركىزىنىڭ خىزمەتچىسى ئىلتىماسىڭىز{number}نى بىر تەرەپ قىلىۋاتىدۇ.',
    en: 'A person from the centre is taking care of your request{number}.',
  },
  helper_arrived: {
    'zh-CN': '帮助您的邻居到了（求助{number}）。',
    ug: 'ياردەم قىلىدىغان قوشنا يېتىپ كەلدى (ئىلتىماس{number}).',
    en: 'Your helper has arrived (request{number}).',
  },
  please_confirm: {
    'zh-CN': '求助{number}完成了吗？请打开确认。',
    ug: 'ئىلتىماس{number} تاماملاندىمۇ؟ ئېچىپ جەزملەڭ.',
    en: 'Is request{number} done? Please open it and confirm.',
  },
  closed_by_time: {
    'zh-CN': '您的求助{number}已按时间自动结束。',
    ug: 'ئىلتىماسىڭىز{number} ۋاقتى توشۇپ ئاپتوماتىك تاقالدى.',
    en: 'Your request{number} was closed because the time for an answer has passed.',
  },
  still_needed: {
    'zh-CN': '求助{number}还需要帮助吗？请打开回答。',
    ug: 'ئىلتىماس{number}غا يەنە ياردەم كېرەكمۇ؟ ئېچىپ جاۋاب بېرىڭ.',
    en: 'Is request{number} still needed? Please open it and answer.',
  },
  address_read: {
    'zh-CN': '有人查看了您的求助{number}的地址，可打开查看记录。',
    ug: 'ئىلتىماسىڭىز{number}نىڭ ئادرېسى كۆرۈلدى، خاتىرىنى ئېچىپ كۆرەلەيسىز.',
    en: 'Somebody has read the address of your request{number}. Open it to see the record.',
  },
  request_cancelled: {
    'zh-CN': '您的求助{number}已取消。',
    ug: 'ئىلتىماسىڭىز{number} ئەمەلدىن قالدۇرۇلدى.',
    en: 'Your request{number} has been cancelled.',
  },
  offer: {
    'zh-CN': '附近有邻居需要您帮忙（求助{number}），请打开回答。',
    ug: 'يېقىندىكى بىر قوشنا ياردىمىڭىزگە موھتاج (ئىلتىماس{number})، ئېچىپ جاۋاب بېرىڭ.',
    en: 'A neighbour near you needs your help (request{number}). Please open it and answer.',
  },
  place_taken: {
    'zh-CN': '求助{number}已有邻居接下，谢谢您。',
    ug: 'ئىلتىماس{number}نى بىر قوشنا قوبۇل قىلدى، سىزگە رەھمەت.',
    en: 'A neighbour has taken request{number}. Thank you.',
  },
  you_are_confirmed: {
    'zh-CN': '已确认由您帮忙（求助{number}）。',
    ug: 'ياردەم قىلىشىڭىز جەزملەندى (ئىلتىماس{number}).',
    en: 'You are confirmed as the helper of request{number}.',
  },
  task_reminder: {
    'zh-CN': '提醒：您答应的求助{number}快到时间了。',
    ug: 'ئەسكەرتىش: سىز قوبۇل قىلغان ئىلتىماس{number}نىڭ ۋاقتى يېقىنلاشتى.',
    en: 'Reminder: request{number} that you accepted is soon.',
  },
  are_you_coming: {
    'zh-CN': '您会来吗？求助{number}的邻居在等您。',
    ug: 'كېلەمسىز؟ ئىلتىماس{number}نىڭ ئىگىسى سىزنى كۈتۈۋاتىدۇ.',
    en: 'Are you coming? The neighbour of request{number} is waiting.',
  },
  needed_now: {
    'zh-CN': '现在需要您帮忙了（求助{number}）。',
    ug: 'ھازىر ياردىمىڭىز كېرەك بولدى (ئىلتىماس{number}).',
    en: 'You are needed now for request{number}.',
  },
  task_cancelled: {
    'zh-CN': '求助{number}已取消，您不用去了，谢谢。',
    ug: 'ئىلتىماس{number} ئەمەلدىن قالدۇرۇلدى، بارمىسىڭىزمۇ بولىدۇ، رەھمەت.',
    en: 'Request{number} was cancelled. You need not go. Thank you.',
  },
  thanks: {
    'zh-CN': '邻居向您致谢（求助{number}）。',
    ug: 'قوشنىڭىز سىزگە رەھمەت ئېيتتى (ئىلتىماس{number}).',
    en: 'A neighbour thanks you (request{number}).',
  },
  question_raised: {
    'zh-CN': '关于求助{number}有一个问题，请打开查看。',
    ug: 'ئىلتىماس{number} ھەققىدە بىر سوئال بار، ئېچىپ كۆرۈڭ.',
    en: 'There is a question about request{number}. Please open it.',
  },
  review_waiting: {
    'zh-CN': '求助{number}等待审核。',
    ug: 'ئىلتىماس{number} تەستىق كۈتۈۋاتىدۇ.',
    en: 'Request{number} waits for review.',
  },
  needs_person: {
    'zh-CN': '求助{number}需要工作人员处理。',
    ug: 'ئىلتىماس{number}نى خىزمەتچى بىر تەرەپ قىلىشى كېرەك.',
    en: 'Request{number} needs a person.',
  },
  start_late: {
    'zh-CN': '求助{number}到时间了，帮手还没到。',
    ug: 'ئىلتىماس{number}نىڭ ۋاقتى كەلدى، ياردەمچى تېخى كەلمىدى.',
    en: 'Request{number} should have started. The helper is late.',
  },
  dispute_opened: {
    'zh-CN': '求助{number}有争议，请处理。',
    ug: 'ئىلتىماس{number}دا تالاش-تارتىش بار، بىر تەرەپ قىلىڭ.',
    en: 'Request{number} is disputed. Please look at it.',
  },
  late_withdrawal: {
    'zh-CN': '求助{number}的帮手临时退出。',
    ug: 'ئىلتىماس{number}نىڭ ياردەمچىسى ئاخىرقى پەيتتە چېكىندى.',
    en: 'The helper of request{number} withdrew at the last minute.',
  },
  account_waiting: {
    'zh-CN': '有新的注册等待批准。',
    ug: 'يېڭى تىزىملاتقان كىشى تەستىق كۈتۈۋاتىدۇ.',
    en: 'Somebody who signed up waits for approval.',
  },
  critical_request: {
    'zh-CN': '有一条特急求助{number}，请马上查看。',
    ug: 'ئىنتايىن جىددىي ئىلتىماس{number} بار، دەرھال كۆرۈڭ.',
    en: 'A critical request{number} has come in. Please look at once.',
  },
  account_approved: {
    'zh-CN': '您的账号已批准，欢迎。',
    ug: 'ھېساباتىڭىز تەستىقلاندى، خۇش كەپسىز.',
    en: 'Your account is approved. Welcome.',
  },
  profile_approved: {
    'zh-CN': '您的志愿者资料已批准，谢谢。',
    ug: 'پىدائىيلىق تەرجىمىھالىڭىز تەستىقلاندى، رەھمەت.',
    en: 'Your volunteer profile is approved. Thank you.',
  },
};

/**
 * The text as it leaves the house: the sentence of the kind with the short number, and the link. A kind without
 * a number (or a number that is not a whole positive one) is said without it. `origin` has no slash at its end.
 */
export function textMessage(
  kind: NotificationKind,
  language: Language,
  shortNumber: number | null,
  origin: string,
  link: string,
): string {
  const number = shortNumber !== null && Number.isSafeInteger(shortNumber) && shortNumber > 0;
  const sentence = NOTIFICATION_TEXTS[kind][language].replace(
    '{number}',
    number ? ` #${shortNumberWords(shortNumber)}` : '',
  );
  return `${sentence} ${origin}${link}`;
}
