/**
 * The CRM of a test: empty but for what it is given. A customer whom nobody has is there all the same, with an account manager
 * and a zone, so that a test names only what it is about (DESIGN §6).
 */
import type { CustomerRecords, CustomerSource } from "../agents/crm/customer-source.ts";
import { bareCustomer, Customer } from "../flow/customer.ts";
import type { CrmChange } from "../flow/effect.ts";

export const defaultManager = "manager@example.com";

/** Only `id` must be there; what else is left out has its default, or is missing. */
export type GivenCustomer = { id: string } & { [Field in keyof Customer]?: Customer[Field] | undefined };

const pageSize = 1_000;

export class TestCustomers implements CustomerSource {
  readonly #given = new Map<string, { customer: Customer; records: CustomerRecords }>();
  readonly #missing = new Set<string>();

  /** In place of one of the same id. Throws where a field has another type. */
  add(given: GivenCustomer, records: Partial<CustomerRecords> = {}): void {
    const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const read = Customer.safeParse({ ...defaultCustomer(given.id), ...fields });
    if (!read.success) {
      const faults = read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
      throw new Error(`The customer ${given.id} can't be one: ${faults.join("; ")}`);
    }
    this.#missing.delete(given.id);
    this.#given.set(given.id, { customer: read.data, records: { ...noRecords, ...records } });
  }

  /** As the CRM's notifier would: whoever reads the customer next sees it. */
  change(customerId: string, changes: readonly CrmChange[]): void {
    const { customer, records } = this.#given.get(customerId) ?? {
      customer: defaultCustomer(customerId),
      records: noRecords,
    };
    const fields = Object.fromEntries(changes.map(({ field, to }) => [field, to]));
    this.#given.set(customerId, { customer: { ...customer, ...fields }, records });
  }

  /** Nobody has this id: an execution about it is refused. */
  addMissing(id: string): void {
    this.#given.delete(id);
    this.#missing.add(id);
  }

  async get({ customerId }: { customerId: string }): Promise<Customer | null> {
    if (this.#missing.has(customerId)) return null;
    return this.#given.get(customerId)?.customer ?? defaultCustomer(customerId);
  }

  async find({ text }: { text: string }): Promise<Customer[]> {
    const wanted = text.trim().toLowerCase();
    return this.#all().filter(({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted);
  }

  /** Those that were given. */
  async *all(): AsyncIterable<Customer[]> {
    const all = this.#all();
    for (let from = 0; from < all.length; from += pageSize) yield all.slice(from, from + pageSize);
  }

  async records({ customerId }: { customerId: string }): Promise<CustomerRecords> {
    return this.#given.get(customerId)?.records ?? noRecords;
  }

  #all(): Customer[] {
    const customers = [...this.#given.values()].map(({ customer }) => customer);
    return customers.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }
}

const noRecords: CustomerRecords = { usage: null, tickets: null, invoices: null, contacts: null };

function defaultCustomer(id: string): Customer {
  return { ...bareCustomer(id), timezone: "UTC", account_manager_email: defaultManager };
}
