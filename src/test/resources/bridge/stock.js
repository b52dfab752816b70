// A client that knows the stock bridge only: a raw socket, four bytes of length, JSON. What it hears, it prints.
'use strict';
const net = require('net');

const socket = net.connect(Number(process.argv[2]), '127.0.0.1');
let buffer = Buffer.alloc(0);

function write(frame) {
  const payload = Buffer.from(JSON.stringify(frame), 'utf-8');
  const length = Buffer.alloc(4);
  length.writeInt32BE(payload.length, 0);
  socket.write(Buffer.concat([length, payload]));
}

const steps = {
  pong: () => write({type: 'send', address: 'echo', headers: {}, body: {value: 'vert.x'}, replyAddress: 'a-uuid'}),
  'a-uuid': () => write({type: 'send', address: 'nobody', headers: {}, body: {}, replyAddress: 'another'}),
  another: () => {
    write({type: 'register', address: 'news', headers: {}});
    write({type: 'publish', address: 'news', headers: {h: 'v'}, body: {n: 1}});
  },
  news: () => {
    write({type: 'unregister', address: 'news', headers: {}});
    write({type: 'publish', address: 'news', headers: {}, body: {n: 2}});
    write({type: 'register', address: 'service', headers: {}});
    write({type: 'send', address: 'service', headers: {}, body: {ask: 1}, replyAddress: 'served'});
  },
  service: (frame) => write({type: 'send', address: frame.replyAddress, headers: {}, body: {answer: frame.body.ask + 1}}),
  served: () => {
    write({type: 'unregister', address: 'service', headers: {}});
    write({type: 'register', address: 'forbidden', headers: {}});
  },
  forbidden: () => socket.end(),
};

socket.on('connect', () => write({type: 'ping'}));
socket.on('data', (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  while (buffer.length >= 4 && buffer.length >= 4 + buffer.readInt32BE(0)) {
    const end = 4 + buffer.readInt32BE(0);
    const frame = JSON.parse(buffer.subarray(4, end).toString('utf8'));
    buffer = buffer.subarray(end);
    console.log(JSON.stringify(frame));
    const step = steps[frame.type === 'pong' ? 'pong' : frame.address || frame.sourceAddress];
    if (step) {
      step(frame);
    }
  }
});
socket.on('error', (lost) => {
  console.log(String(lost));
  process.exit(1);
});
