/**
 * Strict reading of JSON: fields of known names and ranges ({@link dev.polywire.core.json.Fields}), documents of bounded
 * depth ({@link dev.polywire.core.json.StrictJson}), and values that plain JSON cannot represent
 * ({@link dev.polywire.core.json.TypedValues}).
 */
@NullMarked
package dev.polywire.core.json;

import org.jspecify.annotations.NullMarked;
