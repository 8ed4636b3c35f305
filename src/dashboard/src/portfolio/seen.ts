const MOST = 500;
const owners = new Set<string>();
const segments = new Set<string>();

/** Owners and segments of the accounts seen so far, to choose from: the API has no list of them. */
export const seen = {
  note(rows: { owner: string | null; segment?: string | null }[]): void {
    for (const row of rows) {
      if (row.owner && owners.size < MOST) owners.add(row.owner);
      if (row.segment && segments.size < MOST) segments.add(row.segment);
    }
  },
  owners: (): string[] => [...owners].sort(),
  segments: (): string[] => [...segments].sort(),
};
