# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those,
# not this file.

package House::ReaderReplaced;

use 5.026;
use strict;
use warnings;

use parent 'House::News';

1;

__END__

=encoding utf8

=head1 NAME

House::ReaderReplaced - the model ReaderReplaced

=head1 DESCRIPTION

Another reader has come under the same name.

It has also all that a L<House::News> has.

=cut
