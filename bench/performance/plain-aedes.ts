import { createServer } from 'node:net';
import { Aedes } from 'aedes';

// Aedes as it comes: everything in memory, everybody let in. `node plain-aedes.ts PORT`

const broker = await Aedes.createBroker();
createServer(broker.handle).listen(Number(process.argv[2]), '127.0.0.1');
process.on('SIGTERM', () => process.exit());
