import type { Practice } from '../api/deskTypes';
import { seldom } from '../api/seldom';

/** What decides: playbooks, guardrails, teams and the names of facts. */
export const usePractice = seldom<Practice>('/v1/practice');
