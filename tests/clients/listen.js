// A published client of the message channel: prints each message as a line of JSON, and confirms it.
'use strict';

const { createRequire } = require('node:module');

let text = '';
process.stdin.on('data', (part) => (text += part));
process.stdin.on('end', () => {
  const asked = JSON.parse(text);
  const { TmcClient } = createRequire(asked.packages + '/')('ali-topsdk');
  const client = new TmcClient(asked.key, asked.secret, asked.group);
  console.log = () => {};
  client.connect(asked.url, (message, confirm) => {
    process.stdout.write(JSON.stringify(message) + '\n');
    confirm();
  });
});
