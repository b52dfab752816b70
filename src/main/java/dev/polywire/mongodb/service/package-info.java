/**
 * MongoDB on the event bus. So far its values: {@link dev.polywire.mongodb.service.ExtendedJson} turns BSON into JSON and
 * back.
 */
@NullMarked
package dev.polywire.mongodb.service;

import org.jspecify.annotations.NullMarked;
