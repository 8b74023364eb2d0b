import { expect } from 'chai';
import { NOTIFICATION_TEXTS, textMessage } from '../../src/notifications/notification-texts.ts';
import { LANGUAGES, NOTIFICATION_KINDS } from '../../src/shared/vocabulary.ts';

/** One text of a single UCS-2 part holds 70 characters, two parts hold 134. */
const TWO_PARTS = 134;

describe('texts outside the app', () => {
  for (const kind of NOTIFICATION_KINDS) {
    it(`${kind} is said in three languages with nothing filled in but the short number`, () => {
      for (const language of LANGUAGES) {
        const sentence = NOTIFICATION_TEXTS[kind][language];
        expect(sentence.match(/\{[^}]*\}/g) ?? [], language).to.satisfy(
          (holes: string[]) => holes.every((hole) => hole === '{number}') && holes.length <= 1,
        );
        expect(sentence, language).to.equal(sentence.normalize('NFC').trim());
        const text = textMessage(kind, language, 12_345, 'https://linli.example', '/r/1');
        expect(text.endsWith(' https://linli.example/r/1'), language).to.equal(true);
        expect(text.length, language).to.be.at.most(TWO_PARTS);
        expect(text.includes('{'), language).to.equal(false);
      }
    });
  }

  it('Chinese is written in Chinese and Uyghur in its own letters', () => {
    for (const kind of NOTIFICATION_KINDS) {
      expect(NOTIFICATION_TEXTS[kind]['zh-CN']).to.match(/^[\p{Script=Han}，。？（）：{}a-z]+$/u);
      expect(NOTIFICATION_TEXTS[kind].ug).to.match(/^[\p{Script=Arabic}\s،.؟?:(){}a-z-]+$/u);
    }
  });

  it('leaves the number out when there is none to say', () => {
    for (const shortNumber of [null, 0, -1, 1.5, Number.NaN]) {
      const text = textMessage('offer', 'en', shortNumber, 'https://linli.example', '/r/1');
      expect(text).to.equal(
        'A neighbour near you needs your help (request). Please open it and answer. https://linli.example/r/1',
      );
    }
    expect(textMessage('thanks', 'zh-CN', 417, 'https://linli.example', '/r/1')).to.equal(
      '邻居向您致谢（求助 #0417）。 https://linli.example/r/1',
    );
  });
});
