import { describe, expect, it } from 'vitest';
import { matchesFilter, matchLevels } from './topic-match.ts';

describe('a topic filter', () => {
  it.each([
    ['a/b', 'a/b', true],
    ['a/+', 'a/b', true],
    ['a/+', 'a/b/c', false],
    ['a/+', 'a', false],
    ['a/#', 'a/b/c', true],
    ['a/#', 'a', true],
    ['+', 'a', true],
    ['+/+', '/a', true],
    ['#', 'a/b', true],
    ['#', '$SYS/a', false],
    ['+/a', '$SYS/a', false],
    ['$SYS/#', '$SYS/a', true],
    ['a', 'A', false],
  ])('%s matches %s: %j', (filter, topic, matches) => {
    expect(matchesFilter(filter, topic)).toBe(matches);
  });

  it('tells what its plus signs stand for', () => {
    expect(matchLevels('+/b/+/#', 'a/b/c/d/e')).toEqual(['a', 'c']);
    expect(matchLevels('+/b', 'a/c')).toBeUndefined();
  });
});
