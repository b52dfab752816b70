package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.HeartbeatTimes;

/** Which server this one is like, where they differ. */
public enum ServerVersion {
    V4_1_4(CredentialsLayout.PASSWORDS, HeartbeatTimes.SERVER_4),
    V5_0_11(CredentialsLayout.PASSWORDS, HeartbeatTimes.SERVER),
    /** 20.6 to 21.10: tokens, filters, leaders and followers. Read in the server's source, not seen. */
    V20_10(CredentialsLayout.PASSWORDS_OR_TOKEN, HeartbeatTimes.SERVER);

    private final CredentialsLayout credentials;
    private final HeartbeatTimes heartbeats;

    ServerVersion(CredentialsLayout credentials, HeartbeatTimes heartbeats) {
        this.credentials = credentials;
        this.heartbeats = heartbeats;
    }

    CredentialsLayout credentials() {
        return credentials;
    }

    HeartbeatTimes heartbeats() {
        return heartbeats;
    }

    boolean isAtLeast(ServerVersion other) {
        return compareTo(other) >= 0;
    }
}
