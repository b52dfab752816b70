/**
 * The command line: {@code polywire run, check, call, stream, watch, completion}. Start with
 * {@link dev.polywire.app.cli.PolywireCommand}; what talks to a running Polywire is {@code BridgeClient}, and what a
 * program may rely on, the exit codes, is {@code ExitCode}.
 */
@NullMarked
package dev.polywire.app.cli;

import org.jspecify.annotations.NullMarked;
