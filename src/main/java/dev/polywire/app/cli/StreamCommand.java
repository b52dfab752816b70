package dev.polywire.app.cli;

import io.vertx.core.json.JsonArray;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Reads a stream, item by item, until its end. The stream is always closed, however the command ends. */
@Command(name = StreamCommand.NAME, description = StreamCommand.DESCRIPTION)
final class StreamCommand implements Callable<Integer> {

    static final String NAME = "stream";
    static final String DESCRIPTION = "Open a stream and print its items, one a line. Ctrl-C closes it.";

    @Mixin
    private RequestParameters request = new RequestParameters();

    @Mixin
    private ConnectOptions connect = new ConnectOptions();

    @Mixin
    private ConsoleOutput output = new ConsoleOutput();

    @Spec
    private @Nullable CommandSpec command;

    @Override
    public Integer call() {
        long timeoutMillis = connect.timeoutMillis();
        try (BridgeClient bridge = connect.open();
                PulledStream stream =
                        PulledStream.open(bridge, request.address, request.action, request.body, timeoutMillis);
                Leaving leaving = new Leaving(stream::close)) {
            return print(stream);
        }
    }

    private int print(PulledStream stream) {
        @Nullable Progress progress = progress();
        long count = 0;
        for (JsonArray items = stream.next(); items != null; items = stream.next()) {
            if (progress != null && !items.isEmpty()) {
                progress.clear();
            }
            for (int i = 0; i < items.size(); i++) {
                output.item(items.getValue(i));
            }
            if (output.isClosed()) {
                return ExitCode.NOBODY_READS;
            }
            count += items.size();
            if (progress != null) {
                progress.show(count);
            }
        }
        if (progress != null) {
            progress.clear();
        }
        return ExitCode.OK;
    }

    private @Nullable Progress progress() {
        return command != null && Progress.isTerminal()
                ? new Progress(command.commandLine().getErr(), () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()))
                : null;
    }
}
