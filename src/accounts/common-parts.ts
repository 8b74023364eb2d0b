/**
 * Parts of which the passwords on breach lists are made, folded (lower case, letters and digits): the roots of the
 * usual top lists, of Chinese ones, and the names of this product. Longest first, so that a root within a longer one is
 * found after it. A passphrase that is little else than these is refused.
 */
export const COMMON_PARTS: readonly string[] = `
administrator changemeplease correcthorsebatterystaple iloveyouforever letmeinplease mypasswordis passwordpassword
thisismypassword trustnoone woainilaopo yongyuanaini
1qaz2wsx3edc 1q2w3e4r5t zaq12wsx qwertyuiop asdfghjkl zxcvbnm qazwsxedc 1qaz2wsx 147258369 159357 123321 112233 121212
789456123 5201314 1314520 woaini1314 woaini520 woaini aini1314 aini520 wodemima mima mimamima password passphrase
passwort passw0rd p4ssword iloveyou princess sunshine football baseball superman batman dragon monkey shadow master
michael jennifer jordan charlie ashley bailey daniel jessica thomas hunter killer pepper cookie cheese summer winter
spring autumn flower lovely angel welcome letmein trustno1 starwars pokemon qwerty qwert asdfgh asdf zxcv computer
internet samsung huawei xiaomi iphone android google baidu tencent weixin wechat taobao alibaba admin root user guest
test demo login secret access hello helloworld freedom whatever nothing forever family mother father jesus mustang
matrix corvette ferrari mercedes yamaha arsenal chelsea liverpool barcelona juventus november december october september
january february monday friday sunday china beijing shanghai xinjiang urumqi hotan kashgar hetian wulumuqi zhongguo
linli qoshna qonsna community neighbour neighbor resident volunteer centre center hospital
abc123 abcd1234 a123456 aa123456 a1b2c3 q1w2e3 asd123 qwe123 zxc123 woshishui nihao nihaoma laopo laogong baobei
123456789 987654321 12345678 1234567 123456 654321 000000 111111 222222 333333 444444 555555 666666 777777 888888 999999
19491001 1949 1980 1981 1982 1983 1984 1985 1986 1987 1988 1989 1990 1991 1992 1993 1994 1995 1996 1997 1998 1999
2000 2001 2002 2003 2004 2005 2006 2007 2008 2009 2010 2011 2012 2013 2014 2015 2016 2017 2018 2019 2020 2021 2022
2023 2024 2025 2026 2027 123 321 1234 520 1314
`
  .trim()
  .split(/\s+/)
  .sort((a, b) => b.length - a.length);
