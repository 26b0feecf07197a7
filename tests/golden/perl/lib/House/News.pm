# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those,
# not this file.

package House::News;

use 5.026;
use strict;
use warnings;

use parent 'House::Runtime::Model';

__PACKAGE__->attributes(
    type => 'string',
    at   => 'datetime',
);

1;

__END__

=encoding utf8

=head1 NAME

House::News - the model News

=head1 DESCRIPTION

What every message has.

=head1 ATTRIBUTES

=head2 type

(text) What happened.

=head2 at

(a moment) When.

=cut
