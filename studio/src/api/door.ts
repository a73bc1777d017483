import { timestampDate } from "@bufbuild/protobuf/wkt";
import { type Client, createClient, type Transport } from "@connectrpc/connect";

import type { Problem, Stop } from "./backend";
import type { Calls } from "./calls";
import { type Caller, Role, Session as SessionService } from "./gen/weft/v1/session_pb";
import { refusedBy } from "./problems";
import type { Credentials, Session, SessionState } from "./session";

/** Who is signed in. */
export interface Person {
  readonly name: string;
  readonly role: "viewer" | "user" | "admin" | "service";
  /** The password must be changed before anything else. */
  readonly mustChange: boolean;
}

/** One session of this person. */
export interface SessionEntry {
  readonly id: string;
  readonly created: Date;
  readonly used: Date;
  readonly address: string;
  readonly client: string;
  readonly current: boolean;
}

export interface DoorState {
  readonly session: SessionState;
  /** Null: nobody is. */
  readonly person: Person | null;
  /** Why whoever was signed in is not any more; none: nobody was, or signed out here. */
  readonly why: readonly Problem[];
}

/** The way in: signing in and out, and what belongs to the account. Everything rejects with Refused. */
export interface Door {
  /** The same object as long as nothing changed. */
  readonly state: DoorState;
  watch(listener: () => void): Stop;
  /** Takes up the session of this tab, also from another tab that has it; whether it still holds. */
  takeUp(): Promise<boolean>;
  signIn(c: Credentials): Promise<void>;
  changePassword(old: string, fresh: string): Promise<void>;
  signOut(): Promise<void>;
  sessions(signal: AbortSignal): Promise<readonly SessionEntry[]>;
  endSession(id: string): Promise<void>;
  /** Texts of the Server come in another language from now on. */
  languageChanged(): void;
}

export class SessionDoor implements Door {
  state: DoorState;
  private readonly client: Client<typeof SessionService>;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly session: Session,
    private readonly calls: Calls,
    transport: Transport,
  ) {
    this.client = createClient(SessionService, transport);
    this.state = { session: session.state, person: null, why: [] };
    session.watch((s) => this.set(s, s === "connected" ? personOf(session.welcome?.caller) : s === "signed-out" ? null : this.state.person));
  }

  watch(listener: () => void): Stop {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  takeUp(): Promise<boolean> {
    return this.session.takeUp();
  }

  async signIn(c: Credentials): Promise<void> {
    try {
      await this.session.signIn(c);
    } catch (err) {
      throw refusedBy(err, this.calls.say);
    }
  }

  async changePassword(oldPassword: string, newPassword: string): Promise<void> {
    // Not repeated: after a lost answer the old password may be no good any more.
    try {
      await this.client.changePassword({ oldPassword, newPassword });
    } catch (err) {
      throw refusedBy(err, this.calls.say);
    }
    const { person } = this.state;
    this.set(this.state.session, person && { ...person, mustChange: false });
  }

  async signOut(): Promise<void> {
    await this.client.logout({}).catch(() => undefined); // gone or not: this tab forgets it
    this.session.forget();
  }

  async sessions(signal: AbortSignal): Promise<readonly SessionEntry[]> {
    const { sessions } = await this.calls.once(() => this.client.listSessions({}, { signal }), signal);
    return sessions.map(({ id, address, client, current, created, used }) => ({
      id, address, client, current, created: created ? timestampDate(created) : new Date(0), used: used ? timestampDate(used) : new Date(0),
    }));
  }

  async endSession(id: string): Promise<void> {
    await this.calls.once(() => this.client.endSession({ id }));
  }

  languageChanged(): void {
    this.session.renew();
  }

  private set(session: SessionState, person: Person | null): void {
    const { refusal } = this.session;
    this.state = { session, person, why: person === null && refusal ? refusedBy(refusal, this.calls.say).problems : [] };
    for (const l of [...this.listeners]) l();
  }
}

function personOf(c: Caller | undefined): Person | null {
  if (!c) return null;
  return { name: c.name, role: roles[c.role], mustChange: c.mustChangePassword };
}

const roles: Readonly<Record<Role, Person["role"]>> = {
  [Role.UNSPECIFIED]: "viewer",
  [Role.VIEWER]: "viewer",
  [Role.USER]: "user",
  [Role.ADMIN]: "admin",
  [Role.SERVICE]: "service",
};
