/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html: what a name may not hold. */

const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\uFFFE\uFFFF]/u;

export function isName(name: string): boolean {
  const { length } = name;
  return length >= 1 && length <= 80 && !forbidden.test(name) && name.isWellFormed();
}
