/**
 * The command line: {@code polywire run, check, call, stream, watch, completion}. Start with
 * {@link dev.polywire.app.cli.PolywireCommand}; {@code BridgeClient} connects to a running Polywire, and {@code ExitCode}
 * has the exit codes, which programs may rely on.
 */
@NullMarked
package dev.polywire.app.cli;

import org.jspecify.annotations.NullMarked;
