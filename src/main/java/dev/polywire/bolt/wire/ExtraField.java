package dev.polywire.bolt.wire;

import org.jspecify.annotations.Nullable;

/** Named fields of messages, with the version that added and, for some, the version that removed them. */
enum ExtraField {
    ROUTING("routing", BoltVersion.V4_1, null),
    PATCH_BOLT("patch_bolt", BoltVersion.V4_3, BoltVersion.V4_4),
    BOLT_AGENT("bolt_agent", BoltVersion.V5_3, null),
    DATABASE("db", BoltVersion.V4_0, null),
    IMPERSONATED_USER("imp_user", BoltVersion.V4_4, null),
    MINIMUM_SEVERITY("notifications_minimum_severity", BoltVersion.V5_2, null),
    DISABLED_CATEGORIES("notifications_disabled_categories", BoltVersion.V5_2, BoltVersion.V5_4),
    DISABLED_CLASSIFICATIONS("notifications_disabled_classifications", BoltVersion.V5_6, null);

    final String key;
    private final BoltVersion since;
    private final @Nullable BoltVersion until;

    ExtraField(String key, BoltVersion since, @Nullable BoltVersion until) {
        this.key = key;
        this.since = since;
        this.until = until;
    }

    boolean isIn(BoltVersion version) {
        return version.atLeast(since) && (until == null || until.atLeast(version));
    }

    /** @throws dev.polywire.core.wire.ProtocolException DECODE when the version would ignore the field */
    ExtraField require(BoltVersion version) {
        if (!isIn(version)) {
            throw PackStreamWriter.cannotSay(key, since.toString());
        }
        return this;
    }
}
