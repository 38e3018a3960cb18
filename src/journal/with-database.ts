// Where the fixture used to lie; it is testing/with-database.ts now.

export { openTestDatabase, type TestDatabase, withDatabase } from './testing/with-database.ts';
