import type { Language, Urgency } from '../shared/vocabulary.ts';

/**
 * What the sample neighbours ask for, in the language they write. The Uyghur sentences are built from
 * docs/data/words.tsv and wait for a native reader (docs/uyghur-review.md).
 */
export interface SampleRequest {
  readonly kindId: string;
  readonly language: Language;
  readonly title: string;
  readonly text: string;
  readonly urgency: Urgency;
  readonly minutes: number;
  readonly helpersNeeded?: number;
}

const zh = (
  kindId: string,
  title: string,
  text: string,
  urgency: Urgency,
  minutes: number,
  helpersNeeded = 1,
): SampleRequest => ({
  kindId,
  language: 'zh-CN',
  title,
  text,
  urgency,
  minutes,
  helpersNeeded,
});
const ug = (
  kindId: string,
  title: string,
  text: string,
  urgency: Urgency,
  minutes: number,
  helpersNeeded = 1,
): SampleRequest => ({
  kindId,
  language: 'ug',
  title,
  text,
  urgency,
  minutes,
  helpersNeeded,
});
const en = (
  kindId: string,
  title: string,
  text: string,
  urgency: Urgency,
  minutes: number,
  helpersNeeded = 1,
): SampleRequest => ({
  kindId,
  language: 'en',
  title,
  text,
  urgency,
  minutes,
  helpersNeeded,
});

export const SAMPLE_REQUESTS: readonly SampleRequest[] = [
  zh('shopping', '去药店代买降压药', '药快吃完了，腿脚不方便，请帮忙去药店买两盒，钱当面给。', 'normal', 40),
  zh('shopping', '帮忙买菜，一周两次', '刚做完手术不能提重物，买点青菜和馕就行。', 'normal', 45),
  zh('shopping', '代取快递，有点重', '快递柜里有一箱大米，想请人帮忙拿上来。', 'low', 25),
  zh('doctor', '陪老人去卫生站换药', '母亲要换药，我上班走不开，来回大约一小时。', 'high', 60),
  zh('doctor', '明天去医院复查，想有人陪', '挂的是上午的号，帮忙看路、取单子。', 'normal', 150),
  zh('repair', '厨房水管漏水，关不住总阀', '水一直在滴，已经用盆接着，想请懂水管的邻居来看看。', 'high', 45),
  zh('repair', '客厅灯不亮，换了灯泡也没用', '可能是开关的问题，家里有梯子。', 'normal', 30),
  zh('repair', '门锁卡住，钥匙拧不动', '人在家里，不着急，但出门很不方便。', 'normal', 40),
  zh('reading-forms', '读一封信，帮填医保表', '眼睛看不清小字，表格有两页。', 'normal', 40),
  zh('reading-forms', '帮忙写一份申请', '想申请老年证，不知道怎么写。', 'low', 40),
  zh('phone-computer', '手机收不到验证码，帮看看', '想和孩子视频，换了手机后一直不行。', 'normal', 30),
  zh('phone-computer', '教我用手机缴电费', '想自己学会，讲慢一点就好。', 'low', 45),
  zh('cooking', '帮忙做一顿软饭', '牙不好，想吃点软的，家里有菜。', 'normal', 60),
  zh('carrying', '把旧沙发搬到楼下，需要两人', '沙发不大，电梯能放下，两个人十分钟就好。', 'normal', 30, 2),
  zh('carrying', '搬家具，换个房间', '衣柜已经清空，需要三个人抬一下。', 'low', 60, 3),
  zh('visit', '陪老人喝茶聊聊天', '父亲一个人在家，爱听人讲过去的事。', 'low', 60),
  zh('visit', '去看看一位独居的邻居', '两天没见她下楼晒太阳了，想请人去问候一下。', 'high', 20),
  zh('child-care', '放学后帮看孩子一小时', '临时加班，孩子七岁，会自己写作业。', 'normal', 60),
  zh('tutoring', '辅导四年级数学', '分数那一章听不懂，一周一次就好。', 'low', 60),
  zh('ride', '送我去火车站', '行李两件，下午的车，想拼个顺路车。', 'normal', 50),
  zh('interpreter', '去办事想请人帮忙翻译', '要和窗口说清楚情况，我的国语不太好。', 'normal', 60),
  zh('something-else', '找走失的小猫', '橘色，脖子上有铃铛，昨晚从一楼跑出去了。', 'normal', 40, 2),
  ug(
    'shopping',
    'دورىخانىدىن دورا ئەكېلىپ بېرىڭ',
    'قان بېسىم دورام تۈگەپ قالدى، پۇتۇم ئاغرىيدۇ. پۇلىنى ئۆيدە بېرىمەن.',
    'normal',
    40,
  ),
  ug(
    'shopping',
    'كۆكتات ۋە نان سېتىۋېلىش',
    'ئېغىر نەرسە كۆتۈرەلمەيمەن، ئازراق كۆكتات بىلەن نان بولسا بولىدۇ.',
    'normal',
    45,
  ),
  ug(
    'doctor',
    'دوختۇرغا بىللە بېرىڭ',
    'ئەتە سائەت 10 دا نۆۋەت ئالدىم، يول كۆرسىتىدىغان ئادەم كېرەك.',
    'high',
    120,
  ),
  ug('doctor', 'ئانامنى شىپاخانىغا ئاپىرىش', 'مەن ئىشتا، ئانام يالغۇز ماڭالمايدۇ.', 'normal', 60),
  ug(
    'repair',
    'ئاشخانىدا سۇ ئېقىۋاتىدۇ',
    'تۇرۇبىدىن سۇ توختىماي تامچىلايدۇ، بىلىدىغان قوشنا كېرەك.',
    'high',
    45,
  ),
  ug('repair', 'چىراغ يانمايدۇ', 'لامپىنى ئالماشتۇردۇم، يەنىلا يانمىدى.', 'normal', 30),
  ug('reading-forms', 'خەت ئوقۇپ، جەدۋەل تولدۇرۇش', 'كۆزۈم ياخشى كۆرمەيدۇ، جەدۋەل ئىككى بەت.', 'normal', 40),
  ug(
    'phone-computer',
    'تېلېفوننى ئۆگىتىپ قويۇڭ',
    'بالام بىلەن سىن ئارقىلىق كۆرۈشمەكچى، قانداق قىلىشنى بىلمەيمەن.',
    'low',
    45,
  ),
  ug(
    'phone-computer',
    'دەلىللەش كودى كەلمەيۋاتىدۇ',
    'يېڭى تېلېفونغا ئالماشتۇرغاندىن كېيىن كود كەلمىدى.',
    'normal',
    30,
  ),
  ug('cooking', 'بىر ۋاخ يۇمشاق تاماق', 'چىشىم ئاغرىيدۇ، ئۆيدە كۆكتات بار.', 'normal', 60),
  ug('carrying', 'كونا ئىشكاپنى پەسكە چۈشۈرۈش', 'ئىككى ئادەم بولسا ئون مىنۇتتا پۈتىدۇ.', 'normal', 30, 2),
  ug(
    'visit',
    'دادام بىلەن چاي ئىچىپ پاراڭلىشىڭ',
    'دادام ئۆيدە يالغۇز، كونا گەپلەرنى ئاڭلاشقا ئامراق.',
    'low',
    60,
  ),
  ug('visit', 'يالغۇز تۇرىدىغان قوشنىنى يوقلاش', 'ئىككى كۈن بولدى كۆرمىدىم، بىر يوقلاپ قويۇڭ.', 'high', 20),
  ug('child-care', 'بالىغا بىر سائەت قاراش', 'ئىشتىن كېچىكىمەن، بالا يەتتە ياش.', 'normal', 60),
  ug('tutoring', 'تۆتىنچى يىللىق ماتېماتىكا', 'بۆلەك سانلارنى چۈشەنمىدى، ھەپتىدە بىر قېتىم.', 'low', 60),
  ug('ride', 'پويىز ئىستانسىسىغا ئاپىرىپ قويۇڭ', 'ئىككى سومكا بار، چۈشتىن كېيىن ماڭىمەن.', 'normal', 50),
  ug('interpreter', 'ئىش بېجىرىشتە تەرجىمە قىلىڭ', 'كۆزنەكتە ئەھۋالنى ئوچۇق دېيىشىم كېرەك.', 'normal', 60),
  ug('something-else', 'يوقالغان مۈشۈكنى ئىزدەش', 'رەڭگى سېرىق، بوينىدا قوڭغۇراق بار.', 'normal', 40, 2),
  en(
    'phone-computer',
    'My phone will not join the network',
    'It worked until yesterday; I can bring it to the centre.',
    'low',
    30,
  ),
  en(
    'reading-forms',
    'Help reading a letter from the school',
    'I read little Chinese; it is one page.',
    'normal',
    30,
  ),
  en('tutoring', 'English conversation for a child', 'Half an hour a week, grade three.', 'low', 30),
  en(
    'carrying',
    'Carry a bed frame to the second floor',
    'It is in two parts; two people are enough.',
    'normal',
    40,
    2,
  ),
];
