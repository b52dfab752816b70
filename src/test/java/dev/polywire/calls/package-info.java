/** What becomes of a command that could not be sent, was lost, or was answered too late. Start at {@link CallTableTest}. */
package dev.polywire.calls;
