/**
 * Words for passphrases that are offered: common, short, easy to say and to type. Their number is part of the strength
 * (`passphrase-generator.ts` counts it), their order is not.
 */
/** Everyday Chinese words in pinyin without tones. */
export const PINYIN_WORDS: readonly string[] = split(`
  pingguo yueliang taiyang xingxing baiyun lantian qingshan heliu dahai shamo caoyuan senlin huayuan
  caiyuan guoyuan putao xigua hamigua xingzi taozi lizi shiliu hetao hongzao mianbao nangbing miantiao
  mifan baozi jiaozi doufu jidan niunai suannai fengmi chaye reshui baicai luobo tudou fanqie huanggua
  qiezi lajiao yangcong dasuan shengjiang nangua mogu huasheng zhima dami xiaomai yumi mianhua yangrou
  niurou jirou yutang baiyan tangguo dangao binggan shuiguo shucai chufang wanzi kuaizi beizi panzi
  guozi caidao zhuozi yizi shafa chuanghu damen louti dianti yangtai kecheng woshi keting shujia
  diandeng taideng fengshan kongtiao bingxiang dianshi dianhua shouji diannao yaoshi yusan maozi
  weijin shoutao waitao chenshan kuzi qunzi wazi xiezi pixie buxie zhentou maojin yagao yashua feizao
  shuzi jingzi zhenxian jiandao chizi qianbi gangbi maobi zhizhang shuben zidian ditu rili shizhong
  shoubiao yanjing xiangji zhaopian tuhua yinyue gequ wudao xiju dianying gushi shige xiaoshuo laoshi
  xuesheng tongxue pengyou linju yisheng hushi siji gongren nongmin jingcha chushi caifeng mujiang
  yuanding yeye nainai waigong waipo baba mama gege jiejie didi meimei shushu sunzi sunnu haizi laoren
  nianqing jiankang kuaile xingfu anquan wennuan ganjing anjing piaoliang congming yonggan qinlao
  chengshi youhao rexin naixin xizhi chuntian xiatian qiutian dongtian zaochen zhongwu wanshang
  jintian mingtian zuotian zhoumo jieri shengri chunjie zhongqiu gongyuan xuexiao yiyuan yaodian
  shangdian chaoshi caichang youju yinhang shequ zhongxin guangchang chezhan huoche qiche zixingche
  feiji lunchuan malu qiaoliang dongmen ximen nanmen beimen hongse lvse huangse lanse baise heise zise
  chengse xiaomao xiaogou xiaoniao mianyang huangniu junma luotuo gongji yazi baitu songshu xique
  yanzi laoying jinyu qingwa hudie mifeng mayi qingting haitang meigui juhua hehua lanhua taohua
  xinghua guihua yangliu baiyang hongliu huyang wutong zhulin xiaocao luye huaduo shitou shatan xiaoxi
  quanshui yushui xuehua chunfeng caihong daolu jiaoshi heiban shubao zuqiu lanqiu pingpang yumaoqiu
  xiangqi weiqi fengzheng jianzi tiaosheng paobu sanbu youyong paishan chifan heshui shuijiao xuexi
  gongzuo xiuxi liaotian bangmang ganxie wenhou yaoqing huanying
`);

/** Single words with confidence A or B from docs/data/words.tsv. */
export const UYGHUR_WORDS: readonly string[] = split(`
  تىزىملات ھېسابات ئىسمى تەخەللۇس ئۇيغۇرچە خەنزۇچە ئىنگلىزچە ساقلا قايت كېيىنكى ئالدىنقى يوللا
  تەھرىرلە ئۆچۈر چىقىرىۋەت جەزملە يېنىۋال قايتىلا ئىزدە سۈزگۈچ تەرتىپلە تەرتىپى يېڭىلا ئۇچۇر ئۇچۇرلار
  سۈرەت سۈرەتلەر كامېرا ھۆججەت قوشۇمچە يۈكلە مىكروفون توختا تەڭشەكلەر ياردەم ھەققىدە ئۇقتۇرۇش ئوچۇق
  تاقاق تاقا قوزغات چەكلە ھەئە بۈگۈن ئەتە تۈنۈگۈن ئەتىگەن كېچە ھازىر بايا ھەمىشە ھەرگىز دۈشەنبە
  سەيشەنبە چارشەنبە پەيشەنبە جۈمە شەنبە يەكشەنبە يانۋار فېۋرال مارت ئاپرېل ئىيۇن ئىيۇل ئاۋغۇست
  سېنتەبىر ئۆكتەبىر نويابىر دېكابىر مىنۇت سائەت ھەپتە ۋاقىت چېسلا ئارىلىق يېقىندىكى ئادرېس بىنا كورپۇس
  قەۋەت ئىشىك كوچا شەھەر رايون خەرىتە تىزىم ئېلان خەۋەر تورسىز توردا باغلاندى خاتالىق تاللاشچان
  تېپىلمىدى تامام تاقالدى يېڭى جىددىي مۇھىم يۇقىرى تۆۋەن ئادەتتىكى مۇھىملىقى ھالەت يورۇق ھەرپتاختا
  شەخسىيەت قائىدە ئىنكاس رەھمەت باھا جەدۋەل چۈشۈر كالېندار باشلا ئەسكەرتىش كۆچۈر ئۇلانما تاللا ئاتلا
  تاپشۇر ئۆزگەرت كۆرسەت يوشۇر تەپسىلاتى ھەممىسى باشقا نامەلۇم تىزىملىك ئەزا ئەزالار تەكلىپ قوشۇل
  ئېلخەت ماۋزۇ مەزمۇن سەۋەب ئورۇن ئاممىۋى شەخسىي ھەقسىز ئالدىراش ئارخىپ تەستىقلا بىلدىم كېيىنرەك
  ئىجازەت يوللانغان جەمئىي ئوتتۇرىچە دەرىجە نەشرى ئاۋاز كۆڭۈلدىكى تازىلا يېشى جىنسى كۈنتەرتىپ
  پائالىيەت بەلكىم سوئال كۆرسەتمە تەۋسىيە مەھەللە قوشنا ئاھالە پىدائىي خىزمەتچى خادىم مەركەز مۇلازىمەت
  تەشكىلات شېرىك ھۆكۈمەت جەمئىيەت قېرىلار بالا مېيىپ ئائىلە ئائىلىلىك ئىلتىماس ئېھتىياج ماھارەت ۋەزىپە
  ماسلاشتۇر ماسلاشتى تەقسىملە گۇۋاھنامە ئىزناك گۇرۇپپا باشلىق مەسئۇل پىكىر جاۋاب يىغىن ھېكايە تارىخ
  مەدەنىيەت ساغلاملىق دوختۇر سېسترا دورا يېمەكلىك تاماق تازىلىق رېمونتچى توكچى ئەخلەت شوپۇر ماشىنا
  تەرجىمە تەرجىمان ئوقۇش يېزىش دەرس مۇئەللىم ئوقۇغۇچى مائارىپ كومپيۇتېر يانفون تېلېفون كىملىك قانۇن
  مەسلىھەت ئىئانە سوۋغات خىزمەت قورال قۇتقۇزۇش ساقچى مەكتەپ دۇكان بازار كەنت دوست كىشىلەر ئايال
`);

/** The same source, English column. */
export const ENGLISH_WORDS: readonly string[] = split(`
  register account name nickname language chinese english save cancel back next previous send edit
  delete remove confirm undo redo search filter sort refresh retry close open accept decline call
  message messages share photo photos camera video file upload play pause stop settings help about
  enable disable today tomorrow yesterday morning afternoon evening night always never monday tuesday
  wednesday thursday friday saturday sunday january february march april june july august september
  october november december minute hour week month year time date distance nearby address building
  floor door street city district list board news offline online connected warning required optional
  expired waiting done finished success urgent important high normal priority status contrast light
  keyboard privacy rules comment reply thanks rating chart table download print calendar start finish
  repeat reminder create copy link select continue skip submit change show hide more details other
  unknown menu profile user member members invite join contacts hello title category content note
  reason location public private busy deadline duration archive draft publish approve later allow
  unread sent total average type colour level website version sound default reset clear page gender
  birthday schedule activity maybe question suggested community neighbour resident volunteer personnel
  service partner child family household patient request need skill task matched assign thank badge
  group team opinion feedback answer poll meeting story history culture health hospital doctor nurse
  medicine shopping food meal cooking cleaning repair repairer plumber water rubbish driving driver
  reading writing homework tutoring lesson teacher student education computer telephone internet
  document identity advice money donation gift work accompany garden gardening haircut tools safety
  emergency rescue police pharmacy school shop market village friend people woman
`);

function split(words: string): readonly string[] {
  return words.trim().split(/\s+/);
}
