// One call by a published client, as a program would make it: a request on stdin, the answer on stdout.
'use strict';

const { createRequire } = require('node:module');

function answered(failure, body) {
  const refused = failure && (failure.code || failure.sub_code) && !failure.stack;
  if (failure && !refused) throw failure;
  process.stdout.write(JSON.stringify({ refused: refused ? failure : null, body: body ?? null }));
}

const callers = {
  'ali-topsdk'(load, asked) {
    const { ApiClient } = load('ali-topsdk');
    const client = new ApiClient({ appkey: asked.key, appsecret: asked.secret, url: asked.url });
    client.request('post', { method: asked.method, ...asked.params }, answered);
  },
  'node-taobao-topclient'(load, asked) {
    const found = load('node-taobao-topclient');
    const Client = found.default || found.TopClient || found;
    const client = new Client({ appkey: asked.key, appsecret: asked.secret, REST_URL: asked.url });
    client.request({ method: asked.method, ...asked.params }, 'post').then(
      (body) => answered(null, body),
      (failure) => answered(failure.data ? failure.data.error_response : failure, null),
    );
  },
};

let text = '';
process.stdin.on('data', (part) => (text += part));
process.stdin.on('end', () => {
  const asked = JSON.parse(text);
  callers[asked.client](createRequire(asked.packages + '/'), asked);
});
