import { createDocument } from 'zod-openapi';
import { BinsEvent, HelloEvent, RemovedEvent } from '../../api/town.ts';
import { BIN_PATHS } from './bin-paths.ts';
import { COMMAND_PATHS } from './command-paths.ts';
import { HEALTH_PATHS } from './health-paths.ts';
import { QUARANTINE_PATHS } from './quarantine-paths.ts';
import { TOWN_PATHS } from './town-paths.ts';
import { WEBHOOK_PATHS } from './webhook-paths.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

const DESCRIPTION = `Fill levels of a town's waste bins.

Times are RFC 3339 in UTC, durations seconds, lengths millimetres, volumes litres. Fill is percent of the usable volume and
may exceed 100. Positions are WGS 84 as \`{lat, lng}\`; GeoJSON alone is \`[lng, lat]\`. What is not known is \`null\`.

Every failure is a problem (RFC 9457). Parameters that are not described here are refused. HEAD is possible wherever GET is;
any method that is not described gets 405.

What writes, and what not everybody may read, takes a token: as \`Authorization: Bearer TOKEN\`, or as \`Basic\` with the id it
belongs to. There are no cookies. Bodies are JSON of the type \`application/json\`.`;

/** The description of the whole HTTP API, OpenAPI 3.1, made from the schemas that the code itself uses. */
export function createOpenApiDocument(version: string): OpenApiDocument {
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Tunna',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'Bins', description: 'Bins, their levels, and where the numbers come from' },
      { name: 'Town', description: 'The town as a whole' },
      { name: 'Quarantine', description: 'Messages that did not become readings; for operators' },
      { name: 'Commands', description: 'What devices are asked to do; for operators' },
      { name: 'Network servers', description: 'The way in for messages of sensors' },
      { name: 'Operation', description: 'For whoever runs the server' },
    ],
    paths: {
      ...BIN_PATHS,
      ...TOWN_PATHS,
      ...QUARANTINE_PATHS,
      ...COMMAND_PATHS,
      ...WEBHOOK_PATHS,
      ...HEALTH_PATHS,
    },
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token, as `tunna device add` prints it',
        },
        basic: {
          type: 'http',
          scheme: 'basic',
          description: 'An id with its token as the password',
        },
      },
      schemas: { HelloEvent, BinsEvent, RemovedEvent },
    },
  });
}
