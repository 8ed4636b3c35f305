import { useFacets } from '../portfolio/facets';
import { usePractice } from './usePractice';

/** Everybody there is to choose from: owners of accounts, and who is named by a team. */
export function usePeople(): string[] {
  const owners = useFacets()?.owners.map(facet => facet.value) ?? [];
  const teams = usePractice()?.teams ?? [];
  return [...new Set([...owners, ...teams.flatMap(team => [team.manager, ...team.members])])].sort((a, b) => a.localeCompare(b));
}

/** Whether a person leads a team. Where there are no teams, nobody is told apart. */
export function useIsManager(name: string): boolean {
  const teams = usePractice()?.teams ?? [];
  return teams.length === 0 || teams.some(team => team.manager === name);
}
