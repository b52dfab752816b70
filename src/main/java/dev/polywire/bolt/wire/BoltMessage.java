package dev.polywire.bolt.wire;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The requests of the protocol: the number, and the first and last version of each. */
public enum BoltMessage {
    INIT(0x01, BoltVersion.V1, BoltVersion.V2),
    HELLO(0x01, BoltVersion.V3, null),
    LOGON(0x6a, BoltVersion.V5_1, null),
    LOGOFF(0x6b, BoltVersion.V5_1, null),
    TELEMETRY(0x54, BoltVersion.V5_4, null),
    RUN(0x10, BoltVersion.V1, null),
    /** PULL_ALL before version 4. */
    PULL(0x3f, BoltVersion.V1, null),
    /** DISCARD_ALL before version 4. */
    DISCARD(0x2f, BoltVersion.V1, null),
    BEGIN(0x11, BoltVersion.V3, null),
    COMMIT(0x12, BoltVersion.V3, null),
    ROLLBACK(0x13, BoltVersion.V3, null),
    ROUTE(0x66, BoltVersion.V4_3, null),
    ACK_FAILURE(0x0e, BoltVersion.V1, BoltVersion.V2),
    RESET(0x0f, BoltVersion.V1, null),
    /** Has no answer. */
    GOODBYE(0x02, BoltVersion.V3, null);

    private static final ClassValue<BoltMessage> OF = new ClassValue<>() {
        @Override
        protected BoltMessage computeValue(Class<?> request) {
            return valueOf(request.getSimpleName()
                    .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                    .toUpperCase(Locale.ROOT));
        }
    };

    private final int tag;
    private final BoltVersion since;
    private final @Nullable BoltVersion until;

    BoltMessage(int tag, BoltVersion since, @Nullable BoltVersion until) {
        this.tag = tag;
        this.since = since;
        this.until = until;
    }

    /** The tag of its structure. */
    public int tag() {
        return tag;
    }

    public boolean isIn(BoltVersion version) {
        return version.atLeast(since) && (until == null || until.atLeast(version));
    }

    /** Whether it may hold credentials. */
    public boolean isSecret() {
        return this == INIT || this == HELLO || this == LOGON;
    }

    static BoltMessage of(Class<? extends BoltRequest> request) {
        return OF.get(request);
    }

    /** Null: there is no such request in the version. */
    static @Nullable BoltMessage of(int tag, BoltVersion version) {
        return Arrays.stream(values())
                .filter(message -> message.tag == tag && message.isIn(version))
                .findFirst()
                .orElse(null);
    }
}
