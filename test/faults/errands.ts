import type { HelpRequestInput } from '../../src/shared/api-types.ts';

/** A plain request that needs no review: shopping, as soon as possible. */
export function errand(more: Partial<HelpRequestInput>): HelpRequestInput {
  return {
    kindId: 'shopping',
    title: 'Bread and apples',
    text: 'Two loaves and a kilogram of apples, please.',
    urgency: 'normal',
    when: { asap: true, windows: [] },
    language: 'en',
    submit: true,
    ...more,
  };
}
