import { expect, test } from 'vitest';
import { isTopicFilter } from './topic-filter.ts';

test.each(['a', '/', 'a//b', '+', '#', 'a/+/b/#', '+/+', '$SYS/#', '$share/g/a', 'å/ä'])(
  '%j is a topic filter',
  (text) => expect(isTopicFilter(text)).toBe(true),
);

test.each(['', 'a#', '#/a', 'a+', '+a/b', 'a/#/b', 'a\0b', 'x'.repeat(70_000)])(
  '%.20j is none',
  (text) => expect(isTopicFilter(text)).toBe(false),
);
