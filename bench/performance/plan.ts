import { FORMS } from '../drain/messages.ts';
import { mosquittoAlone, natsAlone, plainAedes } from './broker-peers.ts';
import { influxPipeline, influxPipelineAsInstalled } from './influx-pipeline.ts';
import type { Load } from './load.ts';
import type { PeerKind } from './peer.ts';
import { tunnaBroker, tunnaWhole } from './tunna-peers.ts';

/** A load, and who bears it in turn. */
export interface Contest {
  readonly title: string;
  readonly load: Load;
  readonly kinds: readonly PeerKind[];
  /** Whether the messages are followed into a store. */
  readonly stores: boolean;
}

const BROKERS = [mosquittoAlone, natsAlone, plainAedes, tunnaBroker];
const STORES = [influxPipeline, tunnaWhole];

const { own, tts } = FORMS;

export const BUSY_JSON = '50 connections × 10 in flight, JSON';
export const BUSY_TTS = '50 connections × 10 in flight, The Things Stack';
export const MANY_JSON = '200 connections × 1 in flight, JSON';
export const STORE_JSON = 'stored: 50 × 10, JSON';
export const STORE_TTS = 'stored: 50 × 10, The Things Stack';
export const BURST = 'a burst, 50 × 100 in flight, JSON';

/** All loads; `scale` takes a part of the messages, for a first look. */
export function planContests(scale: number): Contest[] {
  const many = (count: number): number => Math.max(1_000, Math.round(count * scale));
  const busy = { connections: 50, window: 10, seconds: 5 };
  const patient = { ...busy, seconds: 60 };
  return [
    {
      ...{ title: BUSY_JSON, kinds: BROKERS, stores: false },
      load: { ...busy, form: own, messages: many(250_000) },
    },
    {
      ...{ title: BUSY_TTS, kinds: BROKERS, stores: false },
      load: { ...busy, form: tts, messages: many(60_000) },
    },
    {
      ...{ title: MANY_JSON, kinds: BROKERS, stores: false },
      load: { ...busy, connections: 200, window: 1, form: own, messages: many(150_000) },
    },
    {
      ...{ title: STORE_JSON, kinds: STORES, stores: true },
      load: { ...patient, form: own, messages: many(60_000) },
    },
    {
      ...{ title: STORE_TTS, kinds: STORES, stores: true },
      load: { ...patient, form: tts, messages: many(30_000) },
    },
    {
      ...{ title: BURST, kinds: [influxPipelineAsInstalled, ...STORES], stores: true },
      load: { ...patient, window: 100, form: own, messages: many(100_000) },
    },
  ];
}

export const IDLE_KINDS = BROKERS;
