import { seldom } from '../api/seldom';
import type { Facets } from '../api/types';

/** Owners, segments and tiers with how many accounts each has. */
export const useFacets = seldom<Facets>('/v1/portfolio/facets');
