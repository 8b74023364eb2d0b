import type account from './en/account.json';
import type ask from './en/ask.json';
import type board from './en/board.json';
import type demo from './en/demo.json';
import type mine from './en/mine.json';
import type request from './en/request.json';
import type settings from './en/settings.json';
import type setup from './en/setup.json';
import type shell from './en/shell.json';
import type staff from './en/staff.json';
import type words from './en/words.json';

interface Areas {
  shell: typeof shell;
  words: typeof words;
  board: typeof board;
  ask: typeof ask;
  request: typeof request;
  mine: typeof mine;
  account: typeof account;
  settings: typeof settings;
  staff: typeof staff;
  setup: typeof setup;
  demo: typeof demo;
}

/** A dictionary file: one per area and language, loaded with the routes that name it. */
export type Area = keyof Areas;

/** `area.key` for every key of the English dictionaries; the dictionary test keeps the others equal. */
export type TextKey = { [A in Area]: `${A}.${keyof Areas[A] & string}` }[Area];
