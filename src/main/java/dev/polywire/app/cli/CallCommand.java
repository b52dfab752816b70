package dev.polywire.app.cli;

import dev.polywire.core.bus.request.Failure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** One request and its answer. */
@Command(name = CallCommand.NAME, description = CallCommand.DESCRIPTION)
final class CallCommand implements Callable<Integer> {

    static final String NAME = "call";
    static final String DESCRIPTION = "Send a request and print its answer.";

    @Mixin
    private RequestParameters request = new RequestParameters();

    @Mixin
    private ConnectOptions connect = new ConnectOptions();

    @Mixin
    private ConsoleOutput output = new ConsoleOutput();

    @Override
    public Integer call() {
        long timeoutMillis = connect.timeoutMillis();
        try (BridgeClient bridge = connect.open()) {
            output.answer(
                    bridge.call(request.address, request.action, request.body, timeoutMillis, Failure.UNKNOWN_OUTCOME));
            return ExitCode.OK;
        }
    }
}
