import { describe, expect, it } from 'vitest';
import type { AccountId, UserId } from '#domain/ids.ts';
import { memoryStorage } from '#testing/open-account.ts';
import { createDeviceFacts, type FactStorage } from './device-facts.ts';

const account = (user: string) => ({
  id: `canvas.test/${user}` as AccountId,
  host: 'canvas.test',
  userId: user as UserId,
  name: `Teacher ${user}`,
});

describe('device facts', () => {
  it('remember who worked here last, and everybody who ever did', () => {
    const storage = memoryStorage();
    const facts = createDeviceFacts(storage);
    expect(facts.lastAccount()).toBeUndefined();
    facts.rememberAccount(account('7'));
    facts.rememberAccount(account('8'));
    facts.rememberAccount(account('7'));
    expect(createDeviceFacts(storage).lastAccount()).toEqual(account('7'));
    expect(facts.knownAccounts()).toEqual(['canvas.test/7', 'canvas.test/8']);
    facts.forgetLastAccount();
    expect(facts.lastAccount()).toBeUndefined();
    expect(facts.knownAccounts()).toHaveLength(2);
  });

  it('#38 count the marks of others without their names', () => {
    const storage = memoryStorage();
    const facts = createDeviceFacts(storage);
    facts.rememberAccount(account('7'));
    facts.rememberAccount(account('8'));
    facts.setUnsent(account('7').id, 8);
    facts.setUnsent(account('8').id, 3);
    expect(facts.unsentOfOthers(account('8').id)).toBe(8);
    expect(facts.unsentOfOthers(undefined)).toBe(11);
    expect(storage.getItem('tapmark.accounts')).not.toContain('Teacher');
  });

  it('keep the count of what was lost until somebody has been told', () => {
    const facts = createDeviceFacts(memoryStorage());
    const { id } = account('7');
    facts.addLost(id, 2);
    facts.addLost(id, 3);
    expect(facts.lost(id)).toBe(5);
    facts.clearLost(id);
    expect(facts.lost(id)).toBe(0);
  });

  it('forget an account on purpose only', () => {
    const facts = createDeviceFacts(memoryStorage());
    facts.rememberAccount(account('7'));
    facts.setUnsent(account('7').id, 8);
    facts.forgetAccount(account('7').id);
    expect([facts.lastAccount(), facts.knownAccounts(), facts.unsent(account('7').id)]).toEqual([
      undefined,
      [],
      0,
    ]);
  });

  it('are just absent where the browser keeps nothing, or nonsense', () => {
    const forbid = () => {
      throw new DOMException('blocked', 'SecurityError');
    };
    const broken: FactStorage = { getItem: forbid, setItem: forbid, removeItem: forbid };
    const nonsense: FactStorage = { ...memoryStorage(), getItem: () => '{"id":' };
    for (const storage of [broken, nonsense, undefined]) {
      const facts = createDeviceFacts(storage);
      facts.rememberAccount(account('7'));
      facts.setUnsent(account('7').id, 1);
      facts.forgetLastAccount();
      expect([facts.lastAccount(), facts.knownAccounts(), facts.unsentOfOthers(undefined)]).toEqual([
        undefined,
        [],
        0,
      ]);
    }
  });
});
