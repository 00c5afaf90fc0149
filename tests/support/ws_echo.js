// Node's `ws` against an echo: ws_echo.js URL SIZE... Sends a text and a binary message of each size,
// waits for each to come back, closes in order. Prints what has gone wrong, a line each, and `done`.
'use strict';

const WebSocket = require('ws');

const [url, ...sizes] = process.argv.slice(2);
const messages = sizes.map(Number).flatMap((size) => [
  {data: '*'.repeat(size), isBinary: false},
  {data: Buffer.alloc(size, 'aiopyr'), isBinary: true},
]);

const client = new WebSocket(url, {maxPayload: 0, ca: process.env.AIOPYR_TEST_CA});
let awaited = null;

function sendNext() {
  awaited = messages.shift();
  if (!awaited) return client.close(1000, 'done');
  client.send(awaited.data, {binary: awaited.isBinary});
}

client.on('open', sendNext);
client.on('message', (data, isBinary) => {
  if (isBinary !== awaited.isBinary || !data.equals(Buffer.from(awaited.data))) {
    console.log(`something else than ${awaited.data.length} bytes came back`);
  }
  sendNext();
});
client.on('error', (error) => console.log(`${error}`));
client.on('close', (code) => {
  if (code !== 1000) console.log(`closed with ${code}`);
  console.log('done');
});
