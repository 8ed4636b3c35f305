import type { Team } from '../api/deskTypes';

/** Who must hand over what an owner has; null where the person may. The server says the same, and it is the server that decides. */
export function whoMust(teams: Team[], owner: string | null, person: string): string | null {
  if (teams.length === 0) return null;
  const manager = teams.find(team => owner !== null && team.members.includes(owner))?.manager;
  if (manager) return manager === person ? null : manager;
  return teams.some(team => team.manager === person) ? null : 'a manager';
}
