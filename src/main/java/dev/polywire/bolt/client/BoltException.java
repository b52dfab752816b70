package dev.polywire.bolt.client;

import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.bolt.wire.FailureKind;

/** The server understood and refused this request, or one that it depended on. The request had no effect. */
public final class BoltException extends RuntimeException {

    private final BoltResponse.Failure failure;

    public BoltException(BoltResponse.Failure failure) {
        super(failure.code() + ": " + failure.message(), null, false, false);
        this.failure = failure;
    }

    /** The server's code and message. */
    public BoltResponse.Failure failure() {
        return failure;
    }

    /** Whether the server blames the request: another server would refuse it, too. */
    public boolean isClientError() {
        return failure.code().startsWith("Neo.ClientError.");
    }

    public FailureKind kind() {
        return FailureKind.of(failure.code());
    }
}
