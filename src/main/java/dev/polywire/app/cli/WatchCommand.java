package dev.polywire.app.cli;

import io.vertx.core.json.JsonObject;
import java.time.LocalTime;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the messages published at an address, until the user ends it. */
@Command(name = WatchCommand.NAME, description = WatchCommand.DESCRIPTION)
final class WatchCommand implements Callable<Integer> {

    static final String NAME = "watch";
    static final String DESCRIPTION = "Print a service's events, its changes of state, as they come. Ctrl-C ends it.";

    /** A bridge closes a silent client. */
    private static final long SILENCE_MILLIS = 10_000;

    @Parameters(index = "0", paramLabel = "ADDRESS", description = "a service, as polywire.mongodb")
    private String address = "";

    @Option(names = "--exact", description = "watch ADDRESS itself, not ADDRESS.events")
    private boolean exact;

    @Mixin
    private ConnectOptions connect = new ConnectOptions();

    @Mixin
    private ConsoleOutput output = new ConsoleOutput();

    @Override
    public Integer call() {
        String published = exact ? address : address + ".events";
        long timeoutMillis = connect.timeoutMillis();
        try (BridgeClient bridge = connect.open()) {
            bridge.register(published);
            bridge.ping(timeoutMillis);
            output.remark("watching " + published);
            while (true) {
                @Nullable JsonObject message = bridge.published(SILENCE_MILLIS);
                if (message == null) {
                    bridge.ping(timeoutMillis);
                } else {
                    output.message(message.getValue("body"), LocalTime.now());
                }
                if (output.isClosed()) {
                    return ExitCode.NOBODY_READS;
                }
            }
        }
    }
}
