/*
 * A process of its own: as much of a Canvas as the bench of the gateway needs. It signs anybody in and answers every
 * read with the same page of a class list, as fast as Node can, so that what stands before it shows. Prints its
 * address.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const students = Array.from({ length: 28 }, (_, n) => ({
  id: String(4_000 + n),
  name: `Student ${n}`,
  sortable_name: `${n}, Student`,
  short_name: `Student ${n}`,
  enrollments: [{ type: 'StudentEnrollment', enrollment_state: 'active', course_section_id: '12' }],
}));
const page = Buffer.from(JSON.stringify(students));
const grant = JSON.stringify({
  access_token: 'bench-access-token',
  token_type: 'Bearer',
  refresh_token: 'bench-refresh-token',
  expires_in: 36_000,
  user: { id: 23, name: 'Bench', effective_locale: 'en' },
});

const server = createServer((request, response) => {
  const isToken = request.url?.startsWith('/login/oauth2/token') === true;
  const { port } = server.address() as AddressInfo;
  const link = `<http://127.0.0.1:${port}/api/v1/courses/1/users?page=1&per_page=50>; rel="current"`;
  request.resume();
  request.once('end', () => {
    const body = isToken ? grant : page;
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'x-rate-limit-remaining': '600.0',
      ...(isToken ? {} : { link }),
    });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
