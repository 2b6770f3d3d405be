/** What OpenStreetMap's licence (ODbL 1.0) asks for beside whatever is made of its data. */
export const OSM_ATTRIBUTION = '© OpenStreetMap contributors, ODbL 1.0';
