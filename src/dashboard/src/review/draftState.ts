import type { Draft } from '../api/deskTypes';

/** Where a draft stands, in a word. What is approved within the company goes nowhere: it is not sent. */
export const draftState = (draft: Draft): string => draft.kind === 'approval' && draft.state === 'sent' ? 'approved' : draft.state;
