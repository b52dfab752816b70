package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.ReadEventResult;
import org.jspecify.annotations.Nullable;

/** One event that was asked for. @param event null where there is none, which for metadata can be a success */
public record EventRead(ReadEventResult result, @Nullable StoredEvent event) {}
