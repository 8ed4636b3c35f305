// A template leaves in square brackets what only a person knows.
const BLANK = /(\[[^\]\n]{1,80}\])/;

/** What a draft leaves to be filled in. */
export const blanksOf = (draft: { kind: string; subject: string; text: string }): string[] => draft.kind === 'approval' ? []
  : [...new Set(`${draft.subject}\n${draft.text}`.split(BLANK).filter((_, n) => n % 2 === 1))];

/** A text in pieces: every second one is a blank. */
export const piecesOf = (text: string): string[] => text.split(BLANK);
