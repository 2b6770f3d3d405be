import { z } from 'zod';
import { BIN_STATES } from '../../domain/bin-state.ts';
import { BinSummary } from './bins.ts';

export const Stats = z
  .strictObject({
    bins: z.strictObject({
      total: z.int(),
      byState: z.record(z.enum(BIN_STATES), z.int()),
      meanFillPercent: z.number().nullable(),
    }),
    devices: z.strictObject({ total: z.int(), heardLastHour: z.int() }),
    readings: z.strictObject({ total: z.int(), lastHour: z.int() }),
    uplinks: z
      .strictObject({
        stored: z.int(),
        duplicate: z.int(),
        quarantined: z.int(),
      })
      .meta({ description: 'What became of every message taken off the journals' }),
    quarantine: z.strictObject({ open: z.int(), byReason: z.record(z.string(), z.int()) }),
    lastChange: z.int().meta({ description: 'Sequence number of the newest change' }),
  })
  .meta({ id: 'Stats', description: 'The town in numbers' });
export type Stats = z.infer<typeof Stats>;

export const PageSettings = z
  .strictObject({
    version: z.string(),
    demo: z.boolean().meta({ description: 'The levels come from the simulator' }),
    tiles: z
      .strictObject({ url: z.string(), attribution: z.string() })
      .nullable()
      .meta({ description: 'Raster tiles as a Leaflet URL template; null: draw none' }),
    missing: z
      .array(z.enum(['tiles']))
      .meta({ description: 'What the operator has not set up; the page says so' }),
  })
  .meta({ id: 'PageSettings', description: 'What the page must know before it draws' });
export type PageSettings = z.infer<typeof PageSettings>;

/** Bounds of a GeoJSON coordinate pair, RFC 7946 3.1.1: longitude first. */
const Position = z.tuple([z.number(), z.number()]);

export const BinFeatureCollection = z
  .strictObject({
    type: z.literal('FeatureCollection'),
    features: z.array(
      z.strictObject({
        type: z.literal('Feature'),
        id: z.string(),
        geometry: z.strictObject({ type: z.literal('Point'), coordinates: Position }),
        properties: BinSummary.omit({ location: true }),
      }),
    ),
  })
  .meta({ id: 'BinFeatureCollection', description: 'The bins as GeoJSON (RFC 7946)' });

export const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    errors: z
      .array(z.strictObject({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'One entry for each mistake in the request' }),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457)' });
export type Problem = z.infer<typeof Problem>;

/**
 * Server-sent events of `/events`. Each event's `id` is the sequence number of a change; a client that comes back with
 * `Last-Event-ID` gets what it missed, or `reset` when that is too long ago and it must load everything anew.
 */
export const EVENT_TYPES = ['hello', 'bins', 'removed', 'reset'] as const;

/** `hello`: the first event of every stream. */
export const HelloEvent = z.strictObject({ lastChange: z.int(), serverTime: z.string() });
export type HelloEvent = z.infer<typeof HelloEvent>;

/** `bins`: bins whose level, state or record changed, as they are now; at most one event a second. */
export const BinsEvent = z.strictObject({ bins: z.array(BinSummary) });
export type BinsEvent = z.infer<typeof BinsEvent>;

/** `removed`: bins that are gone. */
export const RemovedEvent = z.strictObject({ ids: z.array(z.string()) });
export type RemovedEvent = z.infer<typeof RemovedEvent>;
