import path from 'node:path';
import Joi from 'joi';

/** Everything the process is told from outside, read once. Paths are absolute. */
export interface Config {
  readonly environment: 'production' | 'development' | 'test';
  readonly port: number;
  readonly host: string;
  /** Scheme, host and port that people type in; null on loopback and in the demo. */
  readonly publicOrigin: string | null;
  /** How many proxies stand in front; 0: none, and their headers are not read. */
  readonly trustProxy: number;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  readonly dataDir: string;
  readonly keyDir: string;
  /** Null: the embedded store inside `dataDir`. */
  readonly mongodbUri: string | null;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  readonly demo: boolean;
  readonly socketPolling: boolean;
  readonly smsHookUrl: string | null;
}

/** A start that cannot go on; `problems` names every bad variable and never its value. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `The service does not start: ${String(problems.length)} bad setting(s).\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const flag = Joi.boolean().truthy('1').falsy('0').default(false);

/** The variables by name. `.env.example` lists the same names; a test keeps the two identical. */
export const CONFIG_VARIABLES = {
  NODE_ENV: Joi.string().valid('production', 'development', 'test').default('production'),
  PORT: Joi.number().integer().min(0).max(65_535).default(8080),
  HOST: Joi.string().hostname().default('127.0.0.1'),
  PUBLIC_ORIGIN: Joi.string().custom(onlyAnOrigin),
  TRUST_PROXY: Joi.number().integer().min(0).max(5).default(0),
  TLS_CERT: Joi.string(),
  TLS_KEY: Joi.string(),
  DATA_DIR: Joi.string().default('.data/store'),
  KEY_DIR: Joi.string().default('.data/keys'),
  MONGODB_URI: Joi.string().uri({ scheme: ['mongodb', 'mongodb+srv'] }),
  LOG_LEVEL: Joi.string().valid('fatal', 'error', 'warn', 'info', 'debug', 'silent').default('info'),
  DEMO: flag,
  SOCKET_POLLING: flag,
  SMS_HOOK_URL: Joi.string().uri({ scheme: ['https', 'http'] }),
} as const satisfies Record<string, Joi.Schema>;

export type ConfigVariable = keyof typeof CONFIG_VARIABLES;

interface Variables {
  readonly NODE_ENV: Config['environment'];
  readonly PORT: number;
  readonly HOST: string;
  readonly PUBLIC_ORIGIN?: string;
  readonly TRUST_PROXY: number;
  readonly TLS_CERT?: string;
  readonly TLS_KEY?: string;
  readonly DATA_DIR: string;
  readonly KEY_DIR: string;
  readonly MONGODB_URI?: string;
  readonly LOG_LEVEL: Config['logLevel'];
  readonly DEMO: boolean;
  readonly SOCKET_POLLING: boolean;
  readonly SMS_HOOK_URL?: string;
}

/**
 * Reads the environment into a frozen Config. An empty value counts as not set. Throws ConfigError that lists
 * every bad variable at once, with what would be right, and prints no value. Relative paths start at `cwd`.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, cwd: string): Config {
  const given = Object.fromEntries(
    Object.keys(CONFIG_VARIABLES).flatMap((name) => {
      const value = env[name]?.trim();
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const checked = Joi.object(CONFIG_VARIABLES).validate(given, { abortEarly: false });
  const bad = checked.error?.details.map((detail) => sentence(String(detail.path[0]), detail)) ?? [];
  if (bad.length > 0) throw new ConfigError(bad);
  const variables = checked.value as Variables;
  const config = toConfig(variables, cwd);
  const contradictions = findContradictions(variables, config);
  if (contradictions.length > 0) throw new ConfigError(contradictions);
  return Object.freeze(config);
}

/** True for an address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function toConfig(variables: Variables, cwd: string): Config {
  const absolute = (file: string): string => path.resolve(cwd, file);
  const { TLS_CERT: certFile, TLS_KEY: keyFile } = variables;
  return {
    environment: variables.NODE_ENV,
    port: variables.PORT,
    host: variables.HOST,
    publicOrigin: variables.PUBLIC_ORIGIN ?? null,
    trustProxy: variables.TRUST_PROXY,
    tls:
      certFile !== undefined && keyFile !== undefined
        ? { certFile: absolute(certFile), keyFile: absolute(keyFile) }
        : null,
    dataDir: absolute(variables.DATA_DIR),
    keyDir: absolute(variables.KEY_DIR),
    mongodbUri: variables.MONGODB_URI ?? null,
    logLevel: variables.LOG_LEVEL,
    demo: variables.DEMO,
    socketPolling: variables.SOCKET_POLLING,
    smsHookUrl: variables.SMS_HOOK_URL ?? null,
  };
}

function findContradictions(variables: Variables, config: Config): string[] {
  const problems: string[] = [];
  if ((variables.TLS_CERT === undefined) !== (variables.TLS_KEY === undefined)) {
    problems.push('TLS_CERT and TLS_KEY belong together: give both or neither.');
  }
  const offLoopback = !isLoopback(config.host);
  const isHttps = config.publicOrigin?.startsWith('https://') === true;
  if (offLoopback && !config.demo) {
    if (config.publicOrigin === null) {
      problems.push(
        'PUBLIC_ORIGIN is required when HOST is not loopback, for example https://linli.example.org.',
      );
    } else if (!isHttps) {
      problems.push(
        'PUBLIC_ORIGIN must begin with https:// when HOST is not loopback: plain HTTP is refused.',
      );
    }
    if (config.tls === null && config.trustProxy === 0) {
      problems.push(
        'TLS_CERT and TLS_KEY are required when HOST is not loopback, unless TRUST_PROXY counts the proxies that end TLS.',
      );
    }
  }
  if (config.tls !== null && config.publicOrigin !== null && !isHttps) {
    problems.push('PUBLIC_ORIGIN must begin with https:// when TLS_CERT is given.');
  }
  const fromData = path.relative(config.dataDir, config.keyDir);
  if (fromData === '' || (!fromData.startsWith('..') && !path.isAbsolute(fromData))) {
    problems.push('KEY_DIR must not be inside DATA_DIR: a backup of the data must not hold the keys.');
  }
  return problems;
}

function onlyAnOrigin(value: string, helpers: Joi.CustomHelpers): string | Joi.ErrorReport {
  try {
    const url = new URL(value);
    if ((url.protocol === 'https:' || url.protocol === 'http:') && url.origin === value) return value;
  } catch {
    // not a URL at all: the same answer
  }
  return helpers.error('any.custom');
}

const EXPECTED: Readonly<Record<ConfigVariable, string>> = {
  NODE_ENV: 'production, development or test',
  PORT: 'a whole number from 0 to 65535',
  HOST: 'a host name or an address',
  PUBLIC_ORIGIN: 'scheme, host and port only, for example https://linli.example.org',
  TRUST_PROXY: 'how many proxies stand in front, 0 to 5',
  TLS_CERT: 'a path to a PEM file',
  TLS_KEY: 'a path to a PEM file',
  DATA_DIR: 'a path',
  KEY_DIR: 'a path',
  MONGODB_URI: 'an address that begins with mongodb:// or mongodb+srv://',
  LOG_LEVEL: 'fatal, error, warn, info, debug or silent',
  DEMO: '1 or 0',
  SOCKET_POLLING: '1 or 0',
  SMS_HOOK_URL: 'an address that begins with https://',
};

function sentence(name: string, detail: Joi.ValidationErrorItem): string {
  const expected = EXPECTED[name as ConfigVariable];
  return `${name} must be ${expected} (${detail.type}).`;
}
