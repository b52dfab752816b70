package dev.polywire.mongodb.store;

import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * What one update has done.
 *
 * @param matched documents that the filter has found
 * @param modified those of them that are different now
 * @param upsertedId of the document that was inserted because there was none; null: none was
 */
public record UpdateOutcome(
        int matched, int modified, @Nullable BsonValue upsertedId) {}
