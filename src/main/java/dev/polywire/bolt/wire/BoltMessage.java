package dev.polywire.bolt.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The requests of the protocol: number, and first and last version that has it. */
public enum BoltMessage {
    INIT(BoltRequest.Init.TAG, BoltVersion.V1, BoltVersion.V2),
    HELLO(BoltRequest.Hello.TAG, BoltVersion.V3, null),
    LOGON(BoltRequest.Logon.TAG, BoltVersion.V5_1, null),
    LOGOFF(BoltRequest.Logoff.TAG, BoltVersion.V5_1, null),
    TELEMETRY(BoltRequest.Telemetry.TAG, BoltVersion.V5_4, null),
    RUN(BoltRequest.Run.TAG, BoltVersion.V1, null),
    /** PULL_ALL before version 4. */
    PULL(BoltRequest.Pull.TAG, BoltVersion.V1, null),
    /** DISCARD_ALL before version 4. */
    DISCARD(BoltRequest.Discard.TAG, BoltVersion.V1, null),
    BEGIN(BoltRequest.Begin.TAG, BoltVersion.V3, null),
    COMMIT(BoltRequest.Commit.TAG, BoltVersion.V3, null),
    ROLLBACK(BoltRequest.Rollback.TAG, BoltVersion.V3, null),
    ROUTE(BoltRequest.Route.TAG, BoltVersion.V4_3, null),
    ACK_FAILURE(BoltRequest.AckFailure.TAG, BoltVersion.V1, BoltVersion.V2),
    RESET(BoltRequest.Reset.TAG, BoltVersion.V1, null),
    /** Has no answer. */
    GOODBYE(BoltRequest.Goodbye.TAG, BoltVersion.V3, null);

    private final int tag;
    private final BoltVersion since;
    private final @Nullable BoltVersion until;

    BoltMessage(int tag, BoltVersion since, @Nullable BoltVersion until) {
        this.tag = tag;
        this.since = since;
        this.until = until;
    }

    public boolean isIn(BoltVersion version) {
        return version.atLeast(since) && (until == null || until.atLeast(version));
    }

    /** Whether it may hold credentials. */
    public boolean isSecret() {
        return this == INIT || this == HELLO || this == LOGON;
    }

    /** Null: there is none. */
    static @Nullable BoltMessage of(int tag, BoltVersion version) {
        return Arrays.stream(values())
                .filter(message -> message.tag == tag && message.isIn(version))
                .findFirst()
                .orElse(null);
    }
}
