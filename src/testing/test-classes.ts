/**
 * Test classes as the description has them: whatever a module exports that extends `FlowTestCase`, each method that begins with
 * `test` a test of its own, on a new instance. Bound to no runner.
 */
import { FlowTestCase, type FlowTestOptions } from "./flow-test-case.ts";

export interface ClassTest {
  /** `RenewalFlowTest.testHighRiskCustomer`. */
  name: string;
  /** Rejects where the test fails. */
  run: () => Promise<void>;
}

type TestClass = new (options: FlowTestOptions) => FlowTestCase;

/** `options`: for classes that have no constructor of their own. */
export function classTests(exported: Readonly<Record<string, unknown>>, options: FlowTestOptions = {}): ClassTest[] {
  return Object.values(exported)
    .filter(isTestClass)
    .flatMap((testClass) => methodsOf(testClass).map((method) => classTest(testClass, method, options)));
}

function isTestClass(value: unknown): value is TestClass {
  return typeof value === "function" && value.prototype instanceof FlowTestCase;
}

/** Inherited ones too, in the order in which they are written. */
function methodsOf(testClass: TestClass): string[] {
  const names: string[] = [];
  for (
    let at: object | null = testClass.prototype;
    at !== null && at !== FlowTestCase.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    names.unshift(...Object.getOwnPropertyNames(at).filter((name) => /^test[A-Z_0-9]/.test(name)));
  }
  return [...new Set(names)];
}

function classTest(testClass: TestClass, method: string, options: FlowTestOptions): ClassTest {
  return {
    name: `${testClass.name}.${method}`,
    run: async () => {
      const instance = new testClass(options);
      try {
        const body: unknown = Reflect.get(instance, method);
        if (typeof body === "function") await body.call(instance);
        await instance.noteCoverage();
      } finally {
        await instance.close();
      }
    },
  };
}
