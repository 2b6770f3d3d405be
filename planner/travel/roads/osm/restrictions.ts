import type { RoadProfile } from '../../road-profiles.ts';
import type { OsmRelation, Tags } from './read-blocks.ts';

/** A sign at a junction: coming from one way, the other way must not, or only it may, be taken. By OpenStreetMap's ids. */
export interface TurnSign {
  readonly fromWay: number;
  readonly viaNode: number;
  readonly toWay: number;
  readonly isOnly: boolean;
  readonly tags: Tags;
}

/** The turn sign that a relation stands for; `'unused'` for one that leads over several ways or says something else. */
export function readTurnSign(relation: OsmRelation): TurnSign | 'unused' | undefined {
  const tags = relation.tags ?? {};
  if (tags['type'] !== 'restriction') return undefined;
  const value =
    tags['restriction:hgv'] ?? tags['restriction:motorcar'] ?? tags['restriction'] ?? '';
  const [fromWay, viaNode, toWay] = (
    [
      ['from', 'way'],
      ['via', 'node'],
      ['to', 'way'],
    ] as const
  ).map(([role, type]) => {
    const members = relation.members.filter((member) => member.role === role);
    return members.length === 1 && members[0]?.type === type ? members[0].ref : undefined;
  });
  if (fromWay === undefined || viaNode === undefined || toWay === undefined) return 'unused';
  if (!/^(no|only)_/.test(value)) return 'unused';
  return { fromWay, viaNode, toWay, isOnly: value.startsWith('only_'), tags };
}

/** Whether a sign is meant for a vehicle. */
export function appliesTo({ tags }: TurnSign, { isTruck }: RoadProfile): boolean {
  const own = isTruck ? 'hgv' : 'motorcar';
  const exceptions = (tags['except'] ?? '').split(';').map((word) => word.trim());
  if (exceptions.includes(own) || exceptions.includes('motor_vehicle')) return false;
  if (tags['restriction'] !== undefined || tags[`restriction:${own}`] !== undefined) return true;
  return false;
}
