/** The program: reads a configuration, starts what it names, stops in order. Start with {@link dev.polywire.app.Main}. */
@NullMarked
package dev.polywire.app;

import org.jspecify.annotations.NullMarked;
